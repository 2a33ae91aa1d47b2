import 'reflect-metadata';
import { configureGlobal } from 'fast-check';

/** Property tests draw the same cases each time; `FC_SEED=random` (or a number) draws others. */
const { FC_SEED = '20261121' } = process.env;
if (FC_SEED !== 'random') configureGlobal({ seed: Number(FC_SEED) });
