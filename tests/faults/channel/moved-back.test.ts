import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import { DataSource, DustEntity, Field, Slug } from '../../../src/index.js';
import { serve } from '../../../src/server/index.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field({ required: true }) text!: string;
}

const tokens = [{ token: 'dust_tok_local_4f1d0c7a9b2e', name: 'dev' }];

describe('a client whose server was begun anew', () => {
  it('has in its live queries what find gives, then and later', async () => {
    let server = await serve({ port: 0, tokens });
    const port = Number(new URL(server.url).port);
    const dataSource = await new DataSource({
      url: server.url,
      token: tokens[0]!.token,
      store: 'local/default',
      entities: [Note],
      logging: false,
    }).initialize();
    try {
      const notes = dataSource.getRepository(Note);
      const lists = new ReplaySubject<string>(1);
      notes.live().subscribe((list) => lists.next(list.map(({ id, text }) => `${id}=${text}`).join(' ')));
      const ones = new ReplaySubject<string>(1);
      notes.liveOne('a').subscribe((note) => ones.next(note?.text ?? 'none'));
      const shows = (what: string) => firstValueFrom(lists.pipe(filter((list) => list === what)));
      const isOne = (what: string) => firstValueFrom(ones.pipe(filter((one) => one === what)));
      for (const id of ['a', 'b', 'c']) await notes.insert({ id, text: 'old' });
      await shows('a=old b=old c=old');
      await server.close();
      server = await serve({ port, tokens });
      await shows('');
      await isOne('none');
      for (const id of ['c', 'a', 'd', 'e', 'f']) await notes.insert({ id, text: 'new' });
      await shows('a=new c=new d=new e=new f=new');
      await isOne('new');
      await notes.delete('a');
      await shows('c=new d=new e=new f=new');
      await isOne('none');
    } finally {
      await dataSource.destroy();
      await server.close();
    }
  });
});
