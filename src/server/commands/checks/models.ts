/** Whether the models directory can be served with a configuration: folders, defaults, labels, memory, providers. */
import { totalmem } from 'node:os';
import { checkExecutionProvider, type FolderReport, inspectModelFolders } from '../../../runtime/index.ts';
import type { Config } from '../../config.ts';
import { parseLabel } from '../../labels/config-keys.ts';
import { formatBytes } from '../table.ts';
import { type Finding, failed, messageOf, ok, warning } from './check.ts';

export async function* checkModels(config: Config): AsyncGenerator<Finding> {
  const reports: FolderReport[] = [];
  try {
    for await (const report of inspectModelFolders(config.modelsDir, {
      ...config,
      blockTokens: config.kvBlockTokens,
    })) {
      reports.push(report);
      yield folder(report);
    }
  } catch (error) {
    yield failed('models', `${messageOf(error)}; set modelsDir`);
    return;
  }
  if (reports.length === 0) yield failed('models', `${config.modelsDir} holds no model folder; set modelsDir`);
  yield* defaults(config, reports);
  yield* labels(config, reports);
  yield memory(config, reports);
}

export function* checkProviders({ executionProviders }: Config): Generator<Finding> {
  for (const name of executionProviders) {
    const subject = `provider ${name}`;
    try {
      yield ok(subject, `in ONNX Runtime ${checkExecutionProvider(name)}`);
    } catch (error) {
      yield failed(subject, messageOf(error));
    }
  }
}

function folder(report: FolderReport): Finding {
  const subject = `model ${report.name}:${report.version}`;
  if (!report.isGood) return failed(subject, `${report.problem}; copy the folder again, or remove it`);
  const { verifiedFiles, bytes, description } = report;
  const text = `${description.role} model, ${formatBytes(bytes)}`;
  if (verifiedFiles === 0) return warning(subject, `${text}; without a lam.json there are no checksums to verify`);
  return ok(subject, `${text}, ${verifiedFiles} checksums ok`);
}

function* defaults(config: Config, reports: readonly FolderReport[]): Generator<Finding> {
  const keys = [
    ['defaultModel', 'action'],
    ['planModel', 'plan'],
    ['rewardModel', 'reward'],
  ] as const;
  for (const [key, role] of keys) {
    const ofRole = reports.filter((report) => report.isGood && report.description.role === role);
    const [name = '', tag = ''] = config[key].split(':', 2);
    if (config[key] === '') {
      if (role === 'action' && ofRole.length === 0) yield failed(key, 'there is no action model');
      continue;
    }
    const isLabel = config.labels.map(parseLabel).some((label) => label.name === name && label.label === tag);
    const isThere = ofRole.some((report) => report.name === name && (tag === '' || isLabel || report.version === tag));
    const there = ofRole.map((report) => `${report.name}:${report.version}`).join(', ') || 'none';
    yield isThere ? ok(key, config[key]) : failed(key, `no ${role} model ${config[key]}; there is ${there}`);
  }
}

function* labels(config: Config, reports: readonly FolderReport[]): Generator<Finding> {
  for (const entry of config.labels) {
    const { name, version } = parseLabel(entry);
    const isThere = reports.some((report) => report.isGood && report.name === name && report.version === version);
    yield isThere ? ok('labels', entry) : failed('labels', `${entry}: there is no sound folder of ${name}:${version}`);
  }
}

function memory({ maxMemoryBytes, slots }: Config, reports: readonly FolderReport[]): Finding {
  const total = reports.reduce((sum, report) => sum + (report.isGood ? report.memory.totalBytes : 0), 0);
  const text = `the models take at most ${formatBytes(total)} with ${slots} slots`;
  if (maxMemoryBytes > 0 && total > maxMemoryBytes) {
    return failed(
      'memory',
      `${text}, more than maxMemoryBytes (${formatBytes(maxMemoryBytes)}); lower slots or prefixStoreBytes`,
    );
  }
  const installed = totalmem();
  if (total > installed) {
    return warning(
      'memory',
      `${text}, and this machine has ${formatBytes(installed)}; lower slots or prefixStoreBytes`,
    );
  }
  return ok('memory', `${text}; this machine has ${formatBytes(installed)}`);
}
