/** Words that say of a variable, header, setting or parameter that its value is a secret. */
const WORDS =
  '(?:API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?KEY|AUTH_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTHORIZATION|COOKIE)';
const SECRET_LIKE = new RegExp(`(?:^|_)${WORDS}(?:_|$)`);

/** True when a name says that its value is a secret: `MY_API_KEY`, `x-api-key`, `accessToken`. */
export function isSecretLikeName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[.-]/g, '_');
  return SECRET_LIKE.test(words.toUpperCase());
}
