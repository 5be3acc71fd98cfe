package dev.culvert.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What may know what. `docs/architecture.md` says why.
final class ArchitectureTest {
    private static final String ROOT = "dev.culvert.";

    /// The built-in plugins; `dev.culvert.plugin` itself is the interface.
    private static final String[] PLUGINS = {
        ROOT + "plugin.http..",
        ROOT + "plugin.tcp..",
        ROOT + "plugin.ssh..",
        ROOT + "plugin.rdp..",
        ROOT + "plugin.desktop.."
    };

    private static final String[] GATEWAY = {
        ROOT + "config..",
        ROOT + "connector..",
        ROOT + "edge..",
        ROOT + "gateway..",
        ROOT + "transport.."
    };

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.culvert");
    }

    /// Rules about classes that are not there hold for nothing.
    @Test
    void everyModuleIsLookedAt() {
        for (String module :
                new String[] {
                    "protocols",
                    "plugin",
                    "plugin.http",
                    "plugin.ssh",
                    "plugin.desktop",
                    "transport",
                    "config",
                    "connector",
                    "recording",
                    "edge",
                    "gateway",
                    "access"
                }) {
            assertThat(product.that(resideInAPackage(ROOT + module + "..")))
                    .as(module)
                    .isNotEmpty();
        }
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                rule(
                        "protocols is pure: no network, thread or logger",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "protocols..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage(
                                                        "io.netty..",
                                                        "org.slf4j..",
                                                        "java.util.logging..",
                                                        "java.nio.channels..",
                                                        "java.net.http..",
                                                        "javax.net..")
                                                .or(
                                                        simpleName("Thread")
                                                                .and(resideInAPackage("java.lang")))
                                                .or(
                                                        simpleName("Socket")
                                                                .and(resideInAPackage("java.net")))
                                                .or(
                                                        simpleName("ServerSocket")
                                                                .and(resideInAPackage("java.net")))
                                                .or(
                                                        simpleName("DatagramSocket")
                                                                .and(
                                                                        resideInAPackage(
                                                                                "java.net"))))),
                rule(
                        "protocols depends on no other module",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "protocols..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage("dev.culvert..")
                                                .and(not(resideInAPackage(ROOT + "protocols.."))))),
                rule(
                        "plugins and their interface know no network library and no gateway",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "plugin..")
                                .and()
                                .resideOutsideOfPackage(ROOT + "plugin.testkit..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage("io.netty..", "org.apache.mina..")
                                                .or(resideInAnyPackage(GATEWAY)))),
                rule(
                        "the gateway finds plugins at run time only",
                        noClasses()
                                .that()
                                .resideInAnyPackage(GATEWAY)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(PLUGINS)),
                rule(
                        "recordings are made and checked without the gateway",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "recording..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAnyPackage("io.netty..")
                                                .or(resideInAnyPackage(GATEWAY))
                                                .or(resideInAnyPackage(PLUGINS)))),
                rule(
                        "the edge does not know the connector",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "edge..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(ROOT + "connector..")),
                rule(
                        "the connector does not know the edge",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "connector..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(ROOT + "edge..")),
                rule(
                        "transport carries and knows neither edge nor connector",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "transport..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        ROOT + "edge..",
                                        ROOT + "connector..",
                                        ROOT + "gateway..",
                                        ROOT + "config..")),
                rule(
                        "HTTP/2 frames are the business of transport.http2",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(
                                        ROOT + "transport.http2..",
                                        // The origin that a test plays frame by frame.
                                        ROOT + "plugin.testkit..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage("io.netty.handler.codec.http2..")
                                                // The ciphers HTTP/2 permits: a matter of TLS.
                                                .and(not(simpleName("Http2SecurityUtil"))))),
                rule(
                        "one I/O engine a process: Netty in the gateway, MINA in the client",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "access..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage("io.netty..")
                                                // Reading a YAML file needs no engine.
                                                .or(
                                                        resideInAnyPackage(GATEWAY)
                                                                .and(
                                                                        not(
                                                                                resideInAPackage(
                                                                                        ROOT
                                                                                                + "config.."))))
                                                .or(resideInAPackage(ROOT + "plugin..")))),
                rule(
                        "a terminal is the business of the consoles' module",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(ROOT + "terminal..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.jline..")),
                rule(
                        "the client's streams know no console",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "access..")
                                .and()
                                .resideOutsideOfPackage(ROOT + "access.console..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(ROOT + "terminal..")),
                rule(
                        "the consoles' module knows no other",
                        noClasses()
                                .that()
                                .resideInAPackage(ROOT + "terminal..")
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage("dev.culvert..")
                                                .and(not(resideInAPackage(ROOT + "terminal.."))))),
                rule(
                        "the gateway has no MINA",
                        noClasses()
                                .that()
                                .resideInAnyPackage(GATEWAY)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.apache.mina..")),
                rule(
                        "the client's fast path loads no picocli",
                        classes()
                                .that(
                                        resideInAPackage(ROOT + "access..")
                                                .and(
                                                        not(
                                                                HasName.Predicates.nameMatching(
                                                                        ".*\\.access\\..*Commands?(\\$.*)?"))))
                                .should()
                                .onlyDependOnClassesThat(not(resideInAPackage("picocli..")))),
                rule(
                        "no drawers: packages are named for what is in them",
                        noClasses()
                                .should()
                                .resideInAnyPackage(
                                        "..util..",
                                        "..common..",
                                        "..core..",
                                        "..impl..",
                                        "..model..")),
                rule(
                        "no drawers: classes are named for what they are",
                        noClasses()
                                .should()
                                .haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?")));
    }

    private static Arguments rule(String name, ArchRule rule) {
        return Arguments.of(name, rule);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void holds(String name, ArchRule rule) {
        rule.because(name).check(product);
    }
}
