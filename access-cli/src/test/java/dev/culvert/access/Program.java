package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The program as a child process, without what the tests' own environment would tell it.
final class Program {
    private Program() {}

    record Ran(int code, String out, String err) {}

    static ProcessBuilder of(String... args) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-Dculvert.access.program=/opt/my culvert/bin/access");
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add("dev.culvert.access.Main");
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().keySet().removeIf(n -> n.startsWith("TUNNEL_"));
        builder.environment().keySet().removeIf(n -> n.toUpperCase().endsWith("_PROXY"));
        builder.environment().keySet().removeIf(n -> n.endsWith("DISPLAY"));
        return builder;
    }

    static Ran run(ProcessBuilder builder, String input) throws Exception {
        return finish(builder.start(), input);
    }

    static Ran finish(Process process, String input) throws Exception {
        CompletableFuture<String> err = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> err.complete(read(process.getErrorStream())));
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = read(process.getInputStream());
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, err.get());
    }

    static String read(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
