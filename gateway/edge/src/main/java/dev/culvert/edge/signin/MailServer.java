package dev.culvert.edge.signin;

import dev.culvert.edge.signin.MailConfig.Security;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// The server that takes the edge's mails (SMTP, RFC 5321 and 3207): each mail a connection of its own,
/// where no step takes more than 10 s. Thread-safe; blocking.
final class MailServer {
    private static final String STEP = Long.toString(Duration.ofSeconds(10).toMillis());

    private final MailConfig config;
    private final InstantSource clock;
    private final Session session;

    /// @param name of the edge, for the greeting
    /// @throws IOException when the system's certificates cannot be read
    MailServer(MailConfig config, String name, InstantSource clock) throws IOException {
        this.config = config;
        this.clock = clock;
        this.session = Session.getInstance(properties(config, name));
    }

    private static Properties properties(MailConfig config, String name) throws IOException {
        Properties properties = new Properties();
        properties.put("mail.smtp.host", config.host());
        properties.put("mail.smtp.port", Integer.toString(config.port()));
        properties.put("mail.smtp.localhost", name);
        properties.put("mail.smtp.connectiontimeout", STEP);
        properties.put("mail.smtp.timeout", STEP);
        properties.put("mail.smtp.writetimeout", STEP);
        properties.put("mail.smtp.auth", Boolean.toString(config.username() != null));
        if (config.security() != Security.NONE) {
            boolean start = config.security() == Security.STARTTLS;
            properties.put("mail.smtp.starttls.enable", Boolean.toString(start));
            properties.put("mail.smtp.starttls.required", Boolean.toString(start));
            properties.put("mail.smtp.ssl.enable", Boolean.toString(!start));
            properties.put("mail.smtp.ssl.checkserveridentity", "true");
            properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
            properties.put(
                    "mail.smtp.ssl.socketFactory",
                    Trust.context(config.roots()).getSocketFactory());
        }
        return properties;
    }

    /// Returns when the server has taken the mail.
    void send(Mail mail) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(config.from(), true));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        Secret password = config.password();
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(config.username(), password == null ? null : password.value());
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    /// Whether another try would fail as well: the server refused the user, the sender or the recipient.
    static boolean isFinal(MessagingException failure) {
        for (Exception e = failure; e instanceof MessagingException m; e = m.getNextException()) {
            int code =
                    switch (m) {
                        case AuthenticationFailedException refused -> 535;
                        case SMTPSendFailedException refused -> refused.getReturnCode();
                        case SMTPSenderFailedException refused -> refused.getReturnCode();
                        case SMTPAddressFailedException refused -> refused.getReturnCode();
                        default -> 0;
                    };
            if (code >= 500) {
                return true;
            }
        }
        return false;
    }
}
