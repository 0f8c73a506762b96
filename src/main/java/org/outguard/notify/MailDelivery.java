package org.outguard.notify;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Date;
import java.util.Properties;

/** Sends messages by a mail server that is none of this machine's queue. */
final class MailDelivery implements MessageSender {

    private static final String LIMIT = "10000";

    private final Channel.Mail mail;

    MailDelivery(Channel.Mail mail) {
        this.mail = mail;
    }

    @Override
    public void send(Message message) throws IOException, Refused {
        String protocol = mail.tls() == Channel.Tls.TLS ? "smtps" : "smtp";
        Session session = Session.getInstance(properties(protocol));
        try (Transport transport = session.getTransport(protocol)) {
            MimeMessage written = write(session, message);
            String user = mail.user().isEmpty() ? null : mail.user();
            transport.connect(
                    mail.server(),
                    mail.port(),
                    user,
                    user == null ? null : mail.secret().read());
            transport.sendMessage(written, written.getAllRecipients());
        } catch (AuthenticationFailedException e) {
            throw new Refused(mail.server() + " does not take the login of " + mail.user());
        } catch (SendFailedException e) {
            throw failed(e);
        } catch (MessagingException e) {
            throw failed(e);
        }
    }

    private IOException failed(MessagingException e) {
        return new IOException(mail.server() + ":" + mail.port() + ": " + e.getMessage(), e);
    }

    private Properties properties(String protocol) {
        Properties properties = new Properties();
        String prefix = "mail." + protocol + ".";
        properties.setProperty(prefix + "connectiontimeout", LIMIT);
        properties.setProperty(prefix + "timeout", LIMIT);
        properties.setProperty(prefix + "writetimeout", LIMIT);
        properties.setProperty(prefix + "auth", String.valueOf(!mail.user().isEmpty()));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        if (mail.tls() == Channel.Tls.STARTTLS) {
            properties.setProperty(prefix + "starttls.enable", "true");
            properties.setProperty(prefix + "starttls.required", "true");
        }
        return properties;
    }

    private MimeMessage write(Session session, Message message) throws MessagingException {
        MimeMessage written = new MimeMessage(session);
        written.setFrom(new InternetAddress(mail.from()));
        for (String to : mail.to()) {
            written.addRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(to));
        }
        written.setSubject(message.summary(), "UTF-8");
        written.setSentDate(Date.from(message.at()));
        // RFC 3834: no vacation message answers it.
        written.setHeader("Auto-Submitted", "auto-generated");
        written.setText(message.details(), "UTF-8");
        return written;
    }
}
