/** Everything between the engine and the page: opening sources, going anywhere in them, events as objects. */
export { compileEngine, Engine, EngineError, type MachineSpec, type OpSpec } from './engine.ts';
export { decode, EventError, encode, toJson } from './events.ts';
export { gfpNames } from './gfp.ts';
export { FileError, isGzip, unpack } from './gzip.ts';
export { type LiveListener, LiveSource, type Socket } from './live-source.ts';
export { openRun } from './run-source.ts';
export { type RunFile, RunFileError, readRunFile, writeRunFile } from './runfile.ts';
export { Source } from './source.ts';
export { openTrace } from './trace-source.ts';
