package dev.culvert.edge.signin;

/// One mail in plain text. Immutable.
///
/// @param to an address in the form that is kept
record Mail(String to, String subject, String text) {
    @Override
    public String toString() {
        return "Mail[" + to + "]";
    }
}
