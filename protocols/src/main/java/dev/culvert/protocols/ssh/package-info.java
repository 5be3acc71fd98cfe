/// Public keys, certificates and private key files as OpenSSH writes them. SSH's own protocol is not here.
///
/// Written out here since signing a certificate must not need to understand the key in it: what a security key
/// (`sk-…`) has is copied as it is, which the libraries for SSH refuse.
@NullMarked
package dev.culvert.protocols.ssh;

import org.jspecify.annotations.NullMarked;
