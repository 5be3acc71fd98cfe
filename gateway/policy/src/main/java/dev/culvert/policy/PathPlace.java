package dev.culvert.policy;

/// A path of an application on one host, ready to be compared. Immutable.
///
/// @param path as [PathReadings#normal] gives it, without a final slash: empty for all of the host
record PathPlace(String path, Application application) {
    static PathPlace of(Application.Place place, Application application) {
        String path = PathReadings.normal(place.path());
        return new PathPlace(path.equals("/") ? "" : path, application);
    }

    /// Whether a reading of a request's path is this one or below it.
    boolean holds(String reading) {
        int end = path.length();
        return reading.startsWith(path) && (reading.length() == end || reading.charAt(end) == '/');
    }

    /// As [#holds], for a path of a request that is clear ([PathReadings#isClear]), with its query.
    boolean holdsClear(String received) {
        int end = path.length();
        return received.regionMatches(true, 0, path, 0, end)
                && (received.length() == end
                        || received.charAt(end) == '/'
                        || received.charAt(end) == '?');
    }
}
