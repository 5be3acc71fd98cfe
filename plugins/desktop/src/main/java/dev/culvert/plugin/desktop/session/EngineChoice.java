package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.RefusedException;

/// Which engine a session has. Stateless.
final class EngineChoice {
    private EngineChoice() {}

    /// As far as it is known before the host was asked.
    ///
    /// @throws RefusedException when no engine can do what the application wants
    static DesktopSettings.Engine of(Admitted admitted) throws RefusedException {
        DesktopSettings settings = admitted.desktop();
        boolean canBuiltIn = admitted.kind().equals("rdp") && settings.onlyGuacd().isEmpty();
        return switch (settings.engine()) {
            case GUACD -> DesktopSettings.Engine.GUACD;
            case AUTO ->
                    canBuiltIn ? DesktopSettings.Engine.BUILT_IN : DesktopSettings.Engine.GUACD;
            case BUILT_IN -> {
                if (!canBuiltIn) {
                    throw new RefusedException(
                            "engine_cannot",
                            "The built-in engine cannot show this desktop: " + why(admitted) + ".",
                            "If it is yours, set desktop.engine to guacd or auto.");
                }
                yield DesktopSettings.Engine.BUILT_IN;
            }
        };
    }

    private static String why(Admitted admitted) {
        return admitted.kind().equals("rdp")
                ? admitted.desktop().onlyGuacd()
                : "it speaks RDP only";
    }

    /// As the host is: behind NLA the edge does not see where to put a login that is stored.
    static DesktopSettings.Engine of(Admitted admitted, HostCheck.Looked looked, Login login)
            throws RefusedException {
        DesktopSettings.Engine engine = of(admitted);
        if (engine != DesktopSettings.Engine.BUILT_IN || !looked.nla() || !login.isStored()) {
            return engine;
        }
        if (admitted.desktop().engine() == DesktopSettings.Engine.AUTO) {
            return DesktopSettings.Engine.GUACD;
        }
        throw new RefusedException(
                "engine_cannot",
                "The host insists on NLA, where the built-in engine cannot sign in with a login that is stored.",
                "If it is yours, set desktop.engine to guacd or auto, or remove the stored login.");
    }
}
