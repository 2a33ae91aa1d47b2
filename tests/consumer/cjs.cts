import * as dust from 'dust-orm';
import * as testing from 'dust-orm/testing';

if (Object.keys(dust).length === 0 || Object.keys(testing).length === 0)
  throw new Error('nothing is exported');
console.log('cjs consumer: ok');
