package dev.culvert.access.console;

import dev.culvert.access.login.LoginPrompt;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Screen;
import dev.culvert.terminal.Tone;
import java.net.URI;

/// Tells of a login above the prompt. Thread-safe.
record ScreenPrompt(Screen screen) implements LoginPrompt {
    @Override
    public void signIn(String app, String authHost, URI page, String code) {
        screen.say(Line.of(Tone.STRONG, app).and(" needs a login at " + authHost + ": open"));
        screen.say(Line.of("  ").and(Tone.ACCENT, page.toString()));
        screen.say(Line.of("and confirm only if the code there is ").and(Tone.STRONG, code));
    }

    @Override
    public void othersSignIn(String authHost, URI page) {
        screen.say(Line.of("waiting for the login at " + authHost + " that has begun already:"));
        screen.say(Line.of("  ").and(Tone.ACCENT, page.toString()));
    }
}
