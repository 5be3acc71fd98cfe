// A certified OpenID provider on loopback, for the tests of signing in with one. The first line of standard input is its
// configuration; each later line changes it, which is answered with a line "again":
//   {"tls": {"key": PEM, "cert": PEM}, "redirect": URL, "algorithm": "RS256", "claimsInToken": false}
// It prints one line, {"issuer": URL}, once it answers. It ends with its standard input. Users are the keys of `users`, with
// any password.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// Standard output is for the lines above only.
console.info = console.error;

const users = {
  ann: { email: 'Ann@Example.com', email_verified: true, name: 'Ann Example', groups: ['staff', 'ops'], department: 'it' },
  one: { email: 'one@example.com', email_verified: true, groups: 'staff' },
  bob: { email: 'bob@example.com', email_verified: false, name: 'Bob' },
  eve: { name: 'Eve' },
};

const keyKinds = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};

let keys = 0;

function newKey(algorithm) {
  const [kind, options] = keyKinds[algorithm];
  const jwk = generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: `key-${++keys}`, use: 'sig', alg: algorithm };
}

function provider(issuer, { redirect, algorithm, claimsInToken }) {
  const client = { redirect_uris: [redirect], id_token_signed_response_alg: algorithm, grant_types: ['authorization_code'] };
  const made = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'basic', client_secret: 'basic+/ secret', token_endpoint_auth_method: 'client_secret_basic' },
      { ...client, client_id: 'public', token_endpoint_auth_method: 'none' },
    ],
    jwks: { keys: [newKey(algorithm)] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
    scopes: ['openid'],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'department'],
      groups: ['groups'],
    },
    conformIdTokenClaims: !claimsInToken,
    pkce: { required: () => true },
    cookies: { keys: ['loopback'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => (users[id] ? { accountId: id, claims: () => ({ sub: id, ...users[id] }) } : undefined),
  });
  made.on('server_error', (_, error) => console.error(error));
  return made;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let config = JSON.parse((await lines.next()).value);
let answer;
const server = createServer(config.tls, (request, response) => answer(request, response));
server.listen(0, '127.0.0.1', async () => {
  const issuer = `https://localhost:${server.address().port}`;
  answer = provider(issuer, config).callback();
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
  for await (const line of lines) {
    config = { ...config, ...JSON.parse(line) };
    answer = provider(issuer, config).callback();
    process.stdout.write('again\n');
  }
  process.exit(0);
});
