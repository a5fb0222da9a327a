/**
 * Programs that the tests run and npm does not have: redis-server and promtool. Taken from the PATH, else out of Debian's
 * packages, unpacked under .build/tools; nothing is installed on the machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './setup.mjs';

/** Per program: the packages that hold it and what it links to, and its path in them. */
const TOOLS = {
  'redis-server': { packages: ['redis-tools', 'libjemalloc2', 'liblzf1'], path: 'usr/bin/redis-check-rdb' },
  promtool: { packages: ['prometheus'], path: 'usr/bin/promtool' },
};

/** The environment that tests find the tools by: LAM_REDIS_SERVER, LAM_PROMTOOL, and the libraries they need. */
export function toolEnvironment() {
  const libraries = new Set();
  const environment = {};
  for (const name of Object.keys(TOOLS)) {
    const { program, libraryPath } = findTool(name);
    environment[`LAM_${name.replaceAll('-', '_').toUpperCase()}`] = program;
    if (libraryPath !== undefined) libraries.add(libraryPath);
  }
  environment.LAM_TOOL_LIBRARIES = [...libraries].join(delimiter);
  return environment;
}

function findTool(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (existsSync(join(folder, name))) return { program: join(folder, name) };
  }
  const { packages, path } = TOOLS[name];
  const folder = join(root, '.build', 'tools', name);
  // redis-server is one program under several names, told apart by how it is called.
  const program = join(folder, 'unpacked', name === 'redis-server' ? 'usr/bin/redis-server' : path);
  if (!existsSync(program)) unpack({ name, packages, folder, path });
  return { program, libraryPath: libraryFolder(join(folder, 'unpacked', 'usr', 'lib')) };
}

function unpack({ name, packages, folder, path }) {
  process.stderr.write(`Fetching ${name} for the tests ...\n`);
  rmSync(folder, { recursive: true, force: true });
  const unpacked = join(folder, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  const fetched = spawnSync('apt-get', ['download', ...packages], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const archives = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  for (const archive of archives) spawnSync('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, stdio: 'inherit' });
  if (archives.length === packages.length && existsSync(join(unpacked, path))) {
    if (name === 'redis-server') spawnSync('cp', [join(unpacked, path), join(unpacked, 'usr/bin/redis-server')]);
    // Documentation and web pages, with links to packages that are not here.
    for (const part of ['usr/share', 'etc', 'lib']) rmSync(join(unpacked, part), { recursive: true, force: true });
    for (const archive of archives) rmSync(join(folder, archive));
    return;
  }
  rmSync(folder, { recursive: true, force: true });
  const reason = fetched.error?.message ?? String(fetched.stderr).trim().split('\n').at(-1);
  process.stderr.write(
    `The tests need ${name}: put it on the PATH, or let apt-get download ${packages.join(' ')} (${reason}).\n`,
  );
  process.exit(1);
}

/** Debian keeps libraries in a folder by machine, such as x86_64-linux-gnu. */
function libraryFolder(folder) {
  const machine = existsSync(folder) ? readdirSync(folder).find((entry) => entry.endsWith('-linux-gnu')) : undefined;
  return machine === undefined ? undefined : join(folder, machine);
}
