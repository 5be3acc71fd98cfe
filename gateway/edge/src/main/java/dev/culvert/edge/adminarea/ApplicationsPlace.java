package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.PolicyQuestions;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.pages.AdminApplicationsPage;
import dev.culvert.edge.pages.AdminApplicationsPage.Action;
import dev.culvert.edge.pages.AdminApplicationsPage.Answer;
import dev.culvert.edge.pages.AdminApplicationsPage.Question;
import dev.culvert.edge.pages.Notice;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.web.Form;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.Application;
import dev.culvert.policy.Conditions;
import dev.culvert.policy.Explanation;
import dev.culvert.policy.Policy;
import dev.culvert.policy.Selector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rules in force, and what they say of somebody. Thread-safe.
final class ApplicationsPlace implements Place {
    private final RulesInForce rules;
    private final PolicyQuestions questions;

    ApplicationsPlace(AccessParts parts) {
        this.rules = parts.rules();
        this.questions = new PolicyQuestions(parts);
    }

    @Override
    public void show(Visit visit, int status, @Nullable Notice notice) throws IOException {
        Form query = visit.exchange().query();
        Question question =
                new Question(
                        query.text("who"),
                        query.text("host"),
                        query.text("path"),
                        query.text("address"));
        if (question.host().isEmpty()) {
            show(visit, status, question, null, notice);
            return;
        }
        try {
            show(visit, status, question, answer(question), notice);
        } catch (StateException e) {
            int problem = e.code().httpStatus();
            show(visit, problem, question, null, Notice.bad(Texts.sentence(e)));
        }
    }

    private Answer answer(Question question) throws StateException {
        PolicyQuestions.Explained explained =
                questions.explain(
                        new PolicyQuestions.Question(
                                question.who(),
                                question.host(),
                                question.path(),
                                question.address(),
                                null));
        Explanation explanation = explained.explanation();
        return new Answer(
                explained.allowed(),
                explained.headline(),
                explanation == null ? List.of() : ExplanationSteps.of(explanation),
                explained.assumed());
    }

    private void show(
            Visit visit,
            int status,
            Question question,
            @Nullable Answer answer,
            @Nullable Notice notice)
            throws IOException {
        AccessRules now = rules.engine().rules();
        visit.exchange()
                .show(
                        status,
                        new AdminApplicationsPage(
                                visit.viewer(),
                                origin(),
                                now.applications().stream().map(ApplicationsPlace::shown).toList(),
                                now.groups().stream()
                                        .map(group ->
                                                new AdminApplicationsPage.Group(
                                                        group.name(), shown(group.conditions())))
                                        .toList(),
                                question,
                                answer,
                                notice));
    }

    private String origin() {
        RulesInForce.Applied applied = rules.applied();
        if (rules.isConfigured()) {
            return "the edge's configuration (key access)";
        }
        return applied == null
                ? "nowhere: no rules were given"
                : "version " + applied.version() + ", applied by " + applied.changedBy();
    }

    private static AdminApplicationsPage.Application shown(Application application) {
        return new AdminApplicationsPage.Application(
                application.name(),
                application.kind().name().toLowerCase(Locale.ROOT),
                application.places().stream().map(Application.Place::shown).toList(),
                Texts.duration(application.session()),
                application.policies().stream().map(ApplicationsPlace::shown).toList());
    }

    private static AdminApplicationsPage.Policy shown(Policy policy) {
        Duration session = policy.session();
        return new AdminApplicationsPage.Policy(
                policy.name(),
                Action.valueOf(policy.action().name()),
                shown(policy.conditions()),
                session == null ? null : Texts.duration(session));
    }

    private static AdminApplicationsPage.Conditions shown(Conditions conditions) {
        return new AdminApplicationsPage.Conditions(
                shown(conditions.include()),
                shown(conditions.require()),
                shown(conditions.exclude()));
    }

    private static List<String> shown(List<Selector> selectors) {
        return selectors.stream().map(Selector::shown).toList();
    }
}
