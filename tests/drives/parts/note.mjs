// The entity of the drives, on the built package: what they try is what users install.
import { DustEntity, Field, Slug } from 'dust-orm';

export class Note {}
Slug()(Note.prototype, 'id');
Field('string')(Note.prototype, 'text');
Field('integer')(Note.prototype, 'count');
DustEntity('notes')(Note);
