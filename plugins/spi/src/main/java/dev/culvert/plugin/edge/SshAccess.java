package dev.culvert.plugin.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one entry may do over SSH. Immutable.
///
/// @param principals login names that certificates may have, `{user}` filled in; empty for none
public record SshAccess(SshSettings settings, SshRights rights, List<String> principals) {
    private static final String USER = "{user}";
    private static final String ROOT = "root";
    private static final int MAX_PRINCIPAL = 64;

    /// Looked at before letters are made small: some letters outside of ASCII become ones of it then.
    private static final Pattern LOGIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");

    public SshAccess {
        principals = List.copyOf(principals);
    }

    /// Fills in `{user}`: the local part of the address in lower case, without what follows `+`. A name with
    /// it is left out when that part is no plain login name, and whenever `root` would come of it.
    ///
    /// @param email null for machines, who get only the names that stand there literally
    public static SshAccess of(SshSettings settings, SshRights rights, @Nullable String email) {
        String user = email == null ? null : user(email);
        Set<String> filled = new LinkedHashSet<>();
        for (String name : rights.principals()) {
            if (!name.contains(USER)) {
                filled.add(name);
            } else if (user != null) {
                addUnlessRefused(filled, name.replace(USER, user));
            }
        }
        return new SshAccess(settings, rights, List.copyOf(filled));
    }

    private static @Nullable String user(String email) {
        int at = email.lastIndexOf('@');
        String local = at < 0 ? email : email.substring(0, at);
        int tag = local.indexOf('+');
        String user = tag < 0 ? local : local.substring(0, tag);
        return LOGIN.matcher(user).matches() ? user.toLowerCase(Locale.ROOT) : null;
    }

    private static void addUnlessRefused(Set<String> names, String filled) {
        if (filled.length() <= MAX_PRINCIPAL && !filled.equalsIgnoreCase(ROOT)) {
            names.add(filled);
        }
    }

    public boolean allows(SshRights.Use use) {
        return rights.allowed().contains(use);
    }
}
