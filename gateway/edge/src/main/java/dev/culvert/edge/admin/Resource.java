package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;

/// What is below one first segment of the admin endpoint's paths. Thread-safe. Blocking.
interface Resource {
    Answer answer(AdminRequest request) throws Refusal, StateException;
}
