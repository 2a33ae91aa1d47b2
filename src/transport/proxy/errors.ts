import { DustError } from '../../errors.js';

/** A variable whose value is no url; never shown, because it may hold credentials. */
export function malformedProxy(variable: string): DustError {
  return unusable(variable, 'holds no url of a proxy');
}

/** A proxy that speaks something else, such as SOCKS. */
export function unknownKindOfProxy(variable: string, protocol: string): DustError {
  return unusable(
    variable,
    `names a proxy that is spoken to by ${protocol}//, which this package does not know`,
  );
}

function unusable(variable: string, fault: string): DustError {
  return new DustError(
    'invalid_options',
    `The environment variable ${variable} ${fault}. Write http://host:port or https://host:port; or unset it, or name the server's host in NO_PROXY, ` +
      'to do without one.',
    { detail: 'proxy', retryable: false },
  );
}
