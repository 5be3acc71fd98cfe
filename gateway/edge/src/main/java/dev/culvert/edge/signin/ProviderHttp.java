package dev.culvert.edge.signin;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a provider: `https` only, chain and name verified, no redirects, 10 s for a whole answer of at
/// most 1 MiB. Thread-safe; blocking.
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever {
    static final int MAX_BYTES = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(10);

    /// Set by the client itself, and refused by it when set by others.
    private static final Set<String> OWN_HEADERS = Set.of("content-length", "host", "connection");

    private final HttpClient client;
    private final Duration whole;

    /// @param roots whose certificates are trusted; empty for the system's
    /// @throws IOException when the system's cannot be read
    ProviderHttp(List<X509Certificate> roots) throws IOException {
        this(roots, WHOLE);
    }

    ProviderHttp(List<X509Certificate> roots, Duration whole) throws IOException {
        this.whole = whole;
        this.client =
                HttpClient.newBuilder()
                        .sslContext(Trust.context(roots))
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .executor(task -> Thread.ofVirtual().name("provider").start(task))
                        .build();
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest asked) throws IOException {
        String body = asked.getBody();
        HttpRequest.Builder request =
                request(asked.getURI())
                        .method(
                                asked.getMethod().name(),
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        asked.getHeaderMap()
                .forEach((name, values) -> {
                    if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        HttpResponse<byte[]> answer = exchange(request.build());
        HTTPResponse response = new HTTPResponse(answer.statusCode());
        answer.headers()
                .map()
                .forEach((name, values) -> response.setHeader(name, values.toArray(new String[0])));
        response.setBody(new String(answer.body(), StandardCharsets.UTF_8));
        return response;
    }

    /// A JSON document that must be there.
    @Override
    public Resource retrieveResource(URL url) throws IOException {
        HTTPRequest request = new HTTPRequest(HTTPRequest.Method.GET, URI.create(url.toString()));
        request.setAccept("application/json");
        ReadOnlyHTTPResponse answer = send(request);
        if (answer.getStatusCode() != 200) {
            throw new IOException(url + " answers " + answer.getStatusCode() + " (expected: 200)");
        }
        return new Resource(answer.getBody(), "application/json");
    }

    private static HttpRequest.Builder request(URI uri) throws IOException {
        if (!"https".equals(uri.getScheme())) {
            throw new IOException(uri + " is no https address");
        }
        return HttpRequest.newBuilder(uri).header("User-Agent", "culvert");
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            return answer.get(whole.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(
                    request.uri().getHost() + " gave no whole answer within " + whole, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("asking " + request.uri().getHost());
        } catch (ExecutionException e) {
            throw new IOException(
                    request.uri().getHost() + " cannot be asked: " + e.getCause(), e.getCause());
        }
    }
}
