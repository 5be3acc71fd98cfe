package dev.culvert.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class BarChartTest {
    private static Document chart() throws Exception {
        BarChart chart = new BarChart("Bulk <& more>", List.of("direct", "ours", "absent"));
        chart.add("down, MB/s", "direct", new Spread(80, 90, 100, 110, 200, 5));
        chart.add("down, MB/s", "ours", new Spread(40, 45, 50, 55, 60, 5));
        chart.add("up, MB/s", "ours", Spread.of(List.of(0.0)));
        return parse(chart.svg());
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document chart) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = chart.getElementsByTagName("text");
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /// Bars are the rectangles of this height; squares of 12 are the legend's.
    private static List<Double> bars(Document chart) {
        List<Double> widths = new ArrayList<>();
        NodeList nodes = chart.getElementsByTagName("rect");
        for (int i = 0; i < nodes.getLength(); i++) {
            Element bar = (Element) nodes.item(i);
            if (bar.getAttribute("height").equals("14")) {
                widths.add(Double.valueOf(bar.getAttribute("width")));
            }
        }
        return widths;
    }

    @Test
    void namesTitleUnitsFiguresAndWhatIsShown() throws Exception {
        assertThat(texts(chart()))
                .contains(
                        "Bulk <& more>", "down, MB/s", "up, MB/s", "direct", "ours", "100", "50.0")
                .doesNotContain("absent");
    }

    @Test
    void barsOfOnePanelHaveOneScaleThatHoldsEveryWhisker() throws Exception {
        List<Double> bars = bars(chart());

        assertThat(bars).hasSize(3);
        assertThat(bars.get(0)).as("median 100 of at most 200, in 440").isEqualTo(220);
        assertThat(bars.get(1)).isEqualTo(110);
        assertThat(bars.get(2)).as("nothing is still seen").isEqualTo(1);
    }

    @Test
    void hasColoursForTheDark() throws Exception {
        assertThat(chart().getElementsByTagName("style").item(0).getTextContent())
                .contains("prefers-color-scheme:dark");
    }

    @Test
    void aChartOfNothingIsEmpty() throws Exception {
        BarChart chart = new BarChart("Nothing", List.of("direct"));

        assertThat(chart.isEmpty()).isTrue();
        assertThat(bars(parse(chart.svg()))).isEmpty();
    }
}
