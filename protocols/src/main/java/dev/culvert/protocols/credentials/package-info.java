/// What a connector proves its tunnel with: the token and the credentials file of cloudflared.
@NullMarked
package dev.culvert.protocols.credentials;

import org.jspecify.annotations.NullMarked;
