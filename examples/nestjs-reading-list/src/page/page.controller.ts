import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, StreamableFile } from '@nestjs/common';

const FOLDER = join(__dirname, '../../public');

/** A page that shows the list live. */
@Controller()
export class PageController {
  @Get()
  page(): StreamableFile {
    return fileOf('index.html', 'text/html; charset=utf-8');
  }

  @Get('page.js')
  script(): StreamableFile {
    return fileOf('page.js', 'text/javascript; charset=utf-8');
  }
}

function fileOf(name: string, type: string): StreamableFile {
  return new StreamableFile(createReadStream(join(FOLDER, name)), { type });
}
