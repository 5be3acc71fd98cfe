package dev.culvert.gateway; final class ArchitectureTest {}
