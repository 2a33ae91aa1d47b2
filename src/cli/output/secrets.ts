const SECRET_FLAG = /^--(?:(?:read-)?token|cluster)(?:=(.*))?$/s;

/** The secrets that this command was given, in its arguments and its environment. */
export function secretsOf(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const secrets = argv.map((argument, index) => {
    const flag = SECRET_FLAG.exec(argument);
    return flag === null ? '' : (flag[1] ?? argv[index + 1] ?? '');
  });
  return [...secrets, env.DUST_TOKEN ?? '', env.DUST_CLUSTER_URL ?? ''].filter(
    (secret) => secret.trim() !== '',
  );
}

/** The text without any of the secrets: a last guard, behind errors that hold none. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[token]'), text);
}
