package dev.culvert.edge.pages;

/// Where pages are on the auth host, for links between them and for those who answer there.
public final class Paths {
    public static final String LAUNCHER = "/";
    public static final String SIGN_IN = "/cdn-cgi/access/signin";
    public static final String LOGOUT = "/cdn-cgi/access/logout";
    public static final String ASSETS = "/cdn-cgi/access/assets/";
    public static final String ACCOUNT = "/cdn-cgi/access/account";
    public static final String ACCOUNT_SESSIONS = ACCOUNT + "/sessions";
    public static final String ACCOUNT_SSH_KEYS = ACCOUNT + "/ssh-keys";
    public static final String ADMIN = "/cdn-cgi/access/admin";
    public static final String ADMIN_TUNNELS = ADMIN + "/tunnels";
    public static final String ADMIN_ROUTES = ADMIN + "/routes";
    public static final String ADMIN_APPLICATIONS = ADMIN + "/applications";
    public static final String ADMIN_USERS = ADMIN + "/users";
    public static final String ADMIN_TOKENS = ADMIN + "/tokens";
    public static final String ADMIN_SESSIONS = ADMIN + "/sessions";
    public static final String ADMIN_DESKTOPS = ADMIN + "/desktops";
    public static final String ADMIN_AUDIT = ADMIN + "/audit";
    public static final String ADMIN_RECORDINGS = ADMIN + "/recordings";

    private Paths() {}
}
