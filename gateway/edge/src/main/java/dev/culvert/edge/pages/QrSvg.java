package dev.culvert.edge.pages;

import io.nayuki.qrcodegen.QrCode;

/// A QR code as an SVG element, without style of its own. Stateless.
public final class QrSvg {
    /// Modules of quiet zone around it, as ISO/IEC 18004 asks.
    private static final int BORDER = 4;

    private QrSvg() {}

    /// @return markup in which nothing of the text stands
    public static String of(String text, String label) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        int side = code.size + 2 * BORDER;
        return "<svg class=\"qr\" viewBox=\"0 0 %1$d %1$d\" role=\"img\" aria-label=\"%2$s\"><rect width=\"%1$d\" height=\"%1$d\" fill=\"#fff\"/><path fill=\"#000\" d=\"%3$s\"/></svg>"
                .formatted(side, label, dark(code));
    }

    private static String dark(QrCode code) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M')
                            .append(x + BORDER)
                            .append(' ')
                            .append(y + BORDER)
                            .append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }
}
