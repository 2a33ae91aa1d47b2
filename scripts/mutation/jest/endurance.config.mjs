import endurance from '../../../tests/endurance/jest.config.mjs';
import config from './jest.config.mjs';

/** The endurance row in a tree of the mutation run. */
export default { ...config, testTimeout: endurance.testTimeout };
