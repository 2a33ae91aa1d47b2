/** A server, a token and a store that pass every check: beside them, what is refused is the option in question. */
export const SOUND_DESTINATION = { url: 'https://localhost', token: 'token', store: 'org/name' } as const;
