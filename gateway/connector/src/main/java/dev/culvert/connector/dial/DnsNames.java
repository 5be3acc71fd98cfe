package dev.culvert.connector.dial;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/// Names by the JDK's DNS provider. Without a server of its own, hosts are resolved as the system does
/// it, `/etc/hosts` included; SRV records come from the system's name servers.
///
/// `localhost` and everything below it is loopback (RFC 6761, section 6.3).
///
/// Immutable; blocking, a look-up takes at most about seven seconds a name server.
public final class DnsNames implements NameService {
    private final String url;
    private final boolean ownServer;

    /// @param server `HOST:PORT` asked in place of the system's name servers, or null
    public DnsNames(@Nullable String server) {
        ownServer = server != null;
        url = server == null ? "dns:" : "dns://" + server;
    }

    @Override
    public List<EdgeTarget> services(String name) throws IOException {
        List<EdgeTarget> targets = new ArrayList<>();
        for (String record : query(name, "SRV")) {
            String[] fields = record.split(" ", 4);
            String host = fields.length == 4 ? fields[3] : "";
            if (host.endsWith(".")) {
                host = host.substring(0, host.length() - 1);
            }
            // A target of "." says that the service is not there (RFC 2782).
            if (!host.isEmpty() && targets.size() < MAX_TARGETS) {
                targets.add(
                        new EdgeTarget(
                                Integer.parseInt(fields[0]),
                                Integer.parseInt(fields[1]),
                                host,
                                Integer.parseInt(fields[2])));
            }
        }
        if (targets.isEmpty()) {
            throw new UnknownHostException(name + ": no SRV record");
        }
        return targets;
    }

    @Override
    public List<InetAddress> addresses(String host) throws IOException {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return List.of(InetAddress.getByAddress(literal));
        }
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.equals("localhost") || lower.endsWith(".localhost")) {
            return List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("::1"));
        }
        List<InetAddress> found = new ArrayList<>();
        if (ownServer) {
            IOException failure = null;
            for (String type : new String[] {"A", "AAAA"}) {
                try {
                    for (String address : query(host, type)) {
                        found.add(InetAddress.getByName(address));
                    }
                } catch (IOException e) {
                    // Some servers refuse a type they have nothing of.
                    failure = e;
                }
            }
            if (found.isEmpty() && failure != null) {
                throw failure;
            }
        } else {
            found.addAll(Arrays.asList(InetAddress.getAllByName(host)));
        }
        if (found.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return found.subList(0, Math.min(MAX_ADDRESSES, found.size()));
    }

    /// @return the records' text, none when the name has none of the type
    @SuppressWarnings("BanJNDI") // The DNS provider gives text; it deserializes nothing.
    private List<String> query(String name, String type) throws IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, url);
        environment.put("com.sun.jndi.dns.timeout.initial", "1000");
        environment.put("com.sun.jndi.dns.timeout.retries", "3");
        try {
            InitialDirContext names = new InitialDirContext(environment);
            try {
                Attributes attributes = names.getAttributes(name, new String[] {type});
                Attribute records = attributes.get(type);
                List<String> texts = new ArrayList<>();
                if (records != null) {
                    NamingEnumeration<?> all = records.getAll();
                    while (all.hasMore()) {
                        texts.add(String.valueOf(all.next()));
                    }
                }
                return texts;
            } finally {
                names.close();
            }
        } catch (NameNotFoundException e) {
            throw unknown(name, e);
        } catch (CommunicationException e) {
            throw new IOException("no name server answers" + (ownServer ? " at " + url : ""), e);
        } catch (NamingException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    private static UnknownHostException unknown(String name, NamingException cause) {
        UnknownHostException unknown = new UnknownHostException(name);
        unknown.initCause(cause);
        return unknown;
    }
}
