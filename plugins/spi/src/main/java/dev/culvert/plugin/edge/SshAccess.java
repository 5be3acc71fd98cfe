package dev.culvert.plugin.edge;

import java.util.List;

/// What one entry may do over SSH. Immutable.
///
/// @param principals login names that certificates may have, `{user}` filled in; empty for none
public record SshAccess(SshSettings settings, SshRights rights, List<String> principals) {
    public SshAccess {
        principals = List.copyOf(principals);
    }

    public boolean allows(SshRights.Use use) {
        return rights.allowed().contains(use);
    }
}
