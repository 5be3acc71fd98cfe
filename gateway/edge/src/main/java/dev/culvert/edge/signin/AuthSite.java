package dev.culvert.edge.signin;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.EdgeAnswers;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.identity.Standing;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Puts the edge's own pages together: the auth host, and what protected hosts answer themselves.
/// Stateless.
public final class AuthSite {
    private AuthSite() {}

    /// What the pages stand on.
    ///
    /// @param sessionLife of a global session
    /// @param sshKeys that people have registered
    /// @param confirmations that SSH clients wait for
    public record Parts(
            AuthAddress address,
            RulesInForce rules,
            Sessions sessions,
            Tokens tokens,
            SigningKeys keys,
            AuditLog audit,
            Duration sessionLife,
            Standing standing,
            SshKeys sshKeys,
            SshConfirmations confirmations,
            InstantSource clock) {}

    /// @param methods ways in, in the order the sign-in page shows them
    /// @param account what people may change of their own account
    /// @param admin the admin area
    /// @param others what else answers below the own paths of the auth host
    public static EdgeAnswers of(
            Parts parts,
            List<LoginMethod> methods,
            Section account,
            Section admin,
            OwnPaths others) {
        Signed signed = new Signed(parts.clock());
        AppTokens appTokens = new AppTokens(parts.rules(), parts.tokens(), parts.clock());
        Codes codes = new Codes(parts.clock());
        SignIn signIn =
                new SignIn(
                        new Attempts(parts.clock()),
                        parts.sessions(),
                        parts.audit(),
                        parts.sessionLife(),
                        parts.standing(),
                        methods);
        CliLogin cliLogin =
                new CliLogin(
                        parts.address(),
                        signed,
                        appTokens,
                        parts.tokens(),
                        parts.sessions(),
                        new Transfers(parts.clock()),
                        signIn,
                        parts.audit(),
                        parts.sessionLife());
        SignOut signOut = new SignOut(parts.sessions(), parts.audit());
        OwnSessions own = new OwnSessions(parts.sessions(), signOut, parts.standing()::isAdmin);
        Launcher launcher = new Launcher(appTokens, parts.standing()::isAdmin);
        List<AuthHost.Place> places = new ArrayList<>();
        places.add(
                new AuthHost.Place(
                                AppLogin.PATH,
                                AuthHost.For.ANYONE,
                                new AppLogin(signed, appTokens, codes, signIn))
                        .withOrgTokens());
        places.add(new AuthHost.Place(Paths.SIGN_IN, AuthHost.For.ANYONE, signIn));
        places.add(new AuthHost.Place(CliLogin.TRANSFER, AuthHost.For.ANYONE, cliLogin::transfer));
        places.add(
                new AuthHost.Place(Paths.LOGOUT, AuthHost.For.ANYONE, own::logout).withOrgTokens());
        places.add(new AuthHost.Place(CliLogin.PATH, AuthHost.For.SIGNED_IN, cliLogin::confirm));
        places.add(
                new AuthHost.Place(Launcher.APPS, AuthHost.For.SIGNED_IN, launcher::json)
                        .withOrgTokens());
        places.add(new AuthHost.Place(Paths.ACCOUNT_SESSIONS, AuthHost.For.SIGNED_IN, own::handle));
        places.add(
                new AuthHost.Place(
                        Paths.ACCOUNT_SSH_KEYS,
                        AuthHost.For.SIGNED_IN,
                        new OwnSshKeys(
                                parts.sshKeys(),
                                parts.audit(),
                                parts.standing()::isAdmin,
                                parts.clock())));
        places.add(
                new AuthHost.Place(
                        SshConfirmations.PATH,
                        AuthHost.For.SIGNED_IN,
                        new SshSignIn(
                                parts.confirmations(),
                                parts.sessions(),
                                signIn,
                                parts.audit(),
                                parts.sessionLife())));
        places.add(new AuthHost.Place(Paths.ACCOUNT, AuthHost.For.SIGNED_IN, account));
        places.add(new AuthHost.Place(Paths.ADMIN, AuthHost.For.ADMINS, admin));
        places.add(new AuthHost.Place(Paths.LAUNCHER, AuthHost.For.SIGNED_IN, launcher::page));
        AuthHost authHost =
                new AuthHost(
                        parts.address(),
                        parts.sessions(),
                        parts.tokens(),
                        parts.keys(),
                        signIn,
                        parts.standing()::isAdmin,
                        places,
                        others);
        AppHost appHost =
                new AppHost(
                        parts.address(),
                        appTokens,
                        parts.tokens(),
                        parts.keys(),
                        parts.sessions(),
                        codes,
                        cliLogin,
                        signOut,
                        parts.clock());
        return new Answers(
                parts.address(), authHost, appHost, signed, parts.tokens(), parts.clock());
    }
}
