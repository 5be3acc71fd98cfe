package dev.culvert.connector.ingress;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Host names in the form they have on the wire: `bücher` is `xn--bcher-kva`.
///
/// The JDK knows IDNA 2003 only, which writes ß as ss and ς as σ; browsers and cloudflared follow UTS 46
/// (non-transitional) and keep them. So labels with one of these are encoded here (RFC 3492).
/// Stateless.
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 128;

    private Punycode() {}

    /// Lower case letter by letter: a capital sigma is σ wherever it stands.
    static String lowerCase(String name) {
        return name.codePoints()
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// @param name lower case
    /// @throws IllegalArgumentException when it has no such form
    static String ascii(String name) {
        return Arrays.stream(name.split("\\.", -1))
                .map(Punycode::label)
                .collect(Collectors.joining("."));
    }

    private static String label(String label) {
        if (label.isEmpty() || (label.indexOf('ß') < 0 && label.indexOf('ς') < 0)) {
            return label.isEmpty() ? label : IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);
        }
        return "xn--" + encode(Normalizer.normalize(label, Normalizer.Form.NFC));
    }

    /// RFC 3492, section 6.3.
    static String encode(String label) {
        int[] points = label.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        Arrays.stream(points).filter(c -> c < INITIAL_N).forEach(c -> out.append((char) c));
        int basic = out.length();
        if (basic > 0) {
            out.append('-');
        }
        int n = INITIAL_N;
        int delta = 0;
        int bias = INITIAL_BIAS;
        for (int handled = basic; handled < points.length; ) {
            int from = n;
            int next = Arrays.stream(points).filter(c -> c >= from).min().orElseThrow();
            delta += (next - n) * (handled + 1);
            n = next;
            for (int c : points) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    digits(out, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return out.toString();
    }

    private static void digits(StringBuilder out, int delta, int bias) {
        int q = delta;
        for (int k = BASE; ; k += BASE) {
            int t = Math.clamp((long) k - bias, T_MIN, T_MAX);
            if (q < t) {
                break;
            }
            out.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
        }
        out.append(digit(q));
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapt(int delta, int count, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / count;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
