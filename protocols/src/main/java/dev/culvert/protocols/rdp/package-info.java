/// What RDP puts on the wire as far as a gateway has to read or change it, and RDCleanPath, by which a browser has a
/// gateway open it. Sources: MS-RDPBCGR, MS-RDPECLIP, ITU-T T.123, X.224, T.125; `docs/desktops.md`.
@NullMarked
package dev.culvert.protocols.rdp;

import org.jspecify.annotations.NullMarked;
