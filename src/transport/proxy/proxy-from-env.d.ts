declare module 'proxy-from-env' {
  /** The url of the proxy that the environment names for requests to `url`; empty where it names none. */
  export function getProxyForUrl(url: string): string;
}
