package dev.culvert.edge.admission;

import java.util.Locale;

/// Why the gate keeps a request out. In JSON and the audit log by its [#word].
public enum Refusal {
    DENIED("The access rules do not let you in."),
    BAD_SERVICE_TOKEN("The service token is wrong, has expired or was revoked."),
    FOREIGN_ORIGIN("A page of another address may not open this connection."),
    UNCLEAR_PATH("This address can be read in more than one way."),
    RECORDING_REQUIRED(
            "Sessions of this host are recorded: open it in a browser or through the SSH gateway."),
    ONLY_IN_BROWSER("This desktop is open in a browser only: open its address there.");

    private final String sentence;

    Refusal(String sentence) {
        this.sentence = sentence;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String sentence() {
        return sentence;
    }
}
