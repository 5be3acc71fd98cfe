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
                LauncherPage,
                DeniedPage,
                MessagePage,
                ContinuePage,
                CliConfirmPage,
                CliDonePage,
                LoggedOutPage,
                AdminOverviewPage,
                AdminTunnelsPage,
                AdminRoutesPage,
                AdminApplicationsPage,
                AdminUsersPage,
                AdminTokensPage,
                AdminSessionsPage,
                AdminAuditPage {}
