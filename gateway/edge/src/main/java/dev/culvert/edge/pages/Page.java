package dev.culvert.edge.pages;

/// One page, as data. Immutable. Its template is `NAME.jte`, NAME being the record's.
///
/// Every form that changes something is a POST with a hidden field `csrf`.
public sealed interface Page
        permits SignInPage,
                CodePage,
                WelcomePage,
                SecurityPage,
                SessionsPage,
                SshKeysPage,
                LauncherPage,
                DeniedPage,
                MessagePage,
                ContinuePage,
                CliConfirmPage,
                CliDonePage,
                SshConfirmPage,
                SshDonePage,
                LoggedOutPage,
                AdminOverviewPage,
                AdminTunnelsPage,
                AdminRoutesPage,
                AdminApplicationsPage,
                AdminUsersPage,
                AdminTokensPage,
                AdminSessionsPage,
                AdminDesktopsPage,
                AdminAuditPage,
                AdminRecordingsPage,
                AdminRecordingPage,
                AdminDesktopRecordingPage {
    /// Whether its scripts may compile WebAssembly, which the policy forbids otherwise.
    default boolean compilesWebAssembly() {
        return false;
    }
}
