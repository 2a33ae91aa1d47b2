/** The origin of an owner in messages: those who share a folder connect to its socket, whatever it is called. */
export const SHARED_URL = 'http://shared-folder';

/** What the store of a folder is called between those who share it: each may have a name of its own for it. */
export const SHARED_STORE = 'shared/folder';

/** No secret: who may reach the socket is for the file system to say. A server asks for a token all the same. */
export const SHARED_TOKEN = 'a-process-that-shares-the-folder';

/** Where the owner is asked for a backup. */
export const BACKUP_ROUTE = '/shared/backup';

/** Where the owner is given a file. */
export const FILE_ROUTE = '/shared/file';

/** What is to be noted of a file: JSON in Base64url, because header fields hold no more than Latin letters. */
export const FILE_HEADER = 'x-dust-file';
