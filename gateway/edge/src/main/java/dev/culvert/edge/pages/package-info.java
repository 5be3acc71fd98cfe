/// What people see in a browser: one record for each page, its template in `src/main/jte` under the same
/// name, and the style sheet, scripts and pictures they use.
///
/// A page is plain data with texts ready to be shown; whoever makes one knows nothing of HTML, and a
/// template decides nothing. Forms are named with their fields where the record is.
@NullMarked
package dev.culvert.edge.pages;

import org.jspecify.annotations.NullMarked;
