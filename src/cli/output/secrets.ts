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

/** What names where a secret came from. */
const SOURCES = ['--token', '--read-token', '--cluster', 'DUST_TOKEN', 'DUST_CLUSTER_URL'];
const SOURCE = /(--(?:read-)?token\b|--cluster\b|\bDUST_(?:TOKEN|CLUSTER_URL)\b)/;

/** The text without any of the secrets: a last guard, behind errors that hold none. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => {
    const without = (part: string): string => part.replaceAll(secret, '[token]');
    if (!SOURCES.some((source) => source.includes(secret))) return without(shown);
    // One so short, which no server takes, is a part of such a name, and the name is to be read.
    return shown
      .split(SOURCE)
      .map((part, at) => (at % 2 === 1 ? part : without(part)))
      .join('');
  }, text);
}
