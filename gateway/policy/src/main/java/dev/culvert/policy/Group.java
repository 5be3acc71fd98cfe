package dev.culvert.policy;

/// Conditions with a name, for policies and other groups. Immutable.
public record Group(String name, Conditions conditions) {}
