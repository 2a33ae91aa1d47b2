// Makes a screenshot small: a PNG of 8 bits for each channel becomes one with a palette of 256 colours.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;
/** So many are the most frequent ones; the others are those that are most unlike them, such as a small green dot. */
const FREQUENT = 160;

/** The same picture with a palette. */
export function withPalette(png) {
  const { width, height, channels, data } = decode(png);
  const pixels = unfiltered(data, width, height, channels);
  const { palette, indexOf } = paletteOf(pixels, channels);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      lines[y * (width + 1) + 1 + x] = indexOf(bucketAt(pixels, (y * width + x) * channels));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
  ];
  return Buffer.concat([SIGNATURE, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

function decode(png) {
  const parts = [];
  let at = SIGNATURE.length;
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const channels = { 2: 3, 6: 4 }[png[25]];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error('This PNG has another form.');
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    channels,
    data: inflateSync(Buffer.concat(parts)),
  };
}

/** The bytes of the picture, whose lines were written as differences from what is left of them and above. */
function unfiltered(data, width, height, channels) {
  const stride = width * channels;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i >= channels ? out[y * stride + i - channels] : 0;
      const up = y > 0 ? out[(y - 1) * stride + i] : 0;
      const corner = y > 0 && i >= channels ? out[(y - 1) * stride + i - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter];
      out[y * stride + i] = data[y * (stride + 1) + 1 + i] + guess;
    }
  }
  return out;
}

/** Paeth's predictor. */
function nearest(left, up, corner) {
  const sum = left + up - corner;
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - up), Math.abs(sum - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Colours that differ in the last two bits count as one. */
function bucketAt(pixels, at) {
  return ((pixels[at] >> 2) << 12) | ((pixels[at + 1] >> 2) << 6) | (pixels[at + 2] >> 2);
}

function paletteOf(pixels, channels) {
  const found = new Map();
  for (let at = 0; at < pixels.length; at += channels) {
    const bucket = bucketAt(pixels, at);
    const known = found.get(bucket);
    if (known) known.count++;
    else found.set(bucket, { count: 1, colour: [...pixels.subarray(at, at + 3)] });
  }
  const kept = chosen([...found.values()].sort((a, b) => b.count - a.count));
  const indexes = new Map();
  const indexOf = (bucket) => {
    let index = indexes.get(bucket);
    if (index === undefined) indexes.set(bucket, (index = closest(kept, found.get(bucket).colour)));
    return index;
  };
  return { palette: Buffer.from(kept.flatMap(({ colour }) => colour)), indexOf };
}

function chosen(colours) {
  const kept = colours.slice(0, FREQUENT);
  const others = colours.slice(FREQUENT).map((one) => {
    return { ...one, far: Math.min(...kept.map(({ colour }) => distance(colour, one.colour))) };
  });
  while (kept.length < COLOURS && others.length > 0) {
    others.sort((a, b) => a.far * Math.sqrt(a.count) - b.far * Math.sqrt(b.count));
    const next = others.pop();
    kept.push(next);
    for (const one of others) one.far = Math.min(one.far, distance(next.colour, one.colour));
  }
  return kept;
}

function distance(one, other) {
  return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}

function closest(kept, wanted) {
  let best = 0;
  let least = Infinity;
  for (const [i, { colour }] of kept.entries()) {
    const far = distance(colour, wanted);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return out;
}
