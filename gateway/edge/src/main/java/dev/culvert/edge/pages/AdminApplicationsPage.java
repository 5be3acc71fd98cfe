package dev.culvert.edge.pages;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Applications, policies and groups as they are in force, and a box that explains what they would say,
/// at [Paths#ADMIN_APPLICATIONS]. Immutable. The box asks the same path with GET: `who`, `host`, `path`,
/// `address`.
///
/// @param origin where the rules come from, such as `edge.yml and 3 changes of the state`
/// @param question as asked, empty texts when nothing was
/// @param answer null when nothing was asked
/// @param notice what is wrong with the question, null for nothing
public record AdminApplicationsPage(
        Viewer viewer,
        String origin,
        List<Application> applications,
        List<Group> groups,
        Question question,
        @Nullable Answer answer,
        @Nullable Notice notice)
        implements Page {
    public AdminApplicationsPage {
        applications = List.copyOf(applications);
        groups = List.copyOf(groups);
    }

    /// @param places such as `wiki.example.com/admin`
    /// @param session how long a token lasts, such as `24 h`
    public record Application(
            String name, String kind, List<String> places, String session, List<Policy> policies) {
        public Application {
            places = List.copyOf(places);
            policies = List.copyOf(policies);
        }
    }

    /// @param session null when it is the application's
    public record Policy(
            String name, Action action, Conditions conditions, @Nullable String session) {}

    public record Group(String name, Conditions conditions) {}

    /// Selectors in words: one of the first, all of the second, none of the third.
    public record Conditions(List<String> include, List<String> require, List<String> exclude) {
        public Conditions {
            include = List.copyOf(include);
            require = List.copyOf(require);
            exclude = List.copyOf(exclude);
        }
    }

    public enum Action {
        ALLOW,
        BLOCK,
        BYPASS,
        SERVICE_AUTH;

        public String shown() {
            return switch (this) {
                case ALLOW -> "Allow";
                case BLOCK -> "Block";
                case BYPASS -> "Bypass";
                case SERVICE_AUTH -> "Service auth";
            };
        }
    }

    /// @param who e-mail address or name of a service token, empty for anyone
    public record Question(String who, String host, String path, String address) {
        public static final Question NONE = new Question("", "", "", "");
    }

    /// @param headline such as `Allowed by “staff at work” of wiki`
    /// @param steps what was looked at, in order
    /// @param assumed what was taken to be true, for want of knowledge
    public record Answer(boolean allowed, String headline, List<Step> steps, List<String> assumed) {
        public Answer {
            steps = List.copyOf(steps);
            assumed = List.copyOf(assumed);
        }
    }

    /// @param depth 0 for a policy, 1 and more for what it asks
    /// @param held such as `applies`
    /// @param matched whether it applies
    public record Step(int depth, String text, String held, boolean matched) {}
}
