import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '../free-port.js';
import { keeperOfThisProcess } from '../keeper.js';
import { findProgram } from '../native/find-program.js';
import { InstallFailure } from '../native/native.types.js';
import { runTool } from '../native/run-tool.js';
import { ServerProcess } from '../native/server-process.js';
import { kafkaLogging } from './kafka-logging.js';
import { kafkaPom } from './kafka-pom.js';
import { kafkaDataFolder, kafkaProperties } from './kafka-properties.js';
import { CLASS_ARCHIVE, TEMPLATE_FOLDER, kafkaClassPath, layOutKafka, uuid } from './kafka-servers.js';

/** Java writes the archive when the server ends. */
const ARCHIVE_LIMIT_MS = 60_000;

/** Fills a folder with what runs Kafka of this version. */
export async function installKafka(version: string, home: string): Promise<void> {
  const missing = ['java', 'mvn'].filter((program) => !findProgram(program));
  if (missing.length > 0) {
    const names = missing.join(' and ');
    throw new InstallFailure(
      `kafka ${version} comes by Maven and runs on Java 17 or newer: please install ${names}, not found on the PATH.`,
    );
  }
  const logging = kafkaLogging(version);
  writeFileSync(join(home, 'pom.xml'), kafkaPom(version));
  writeFileSync(join(home, logging.file), logging.text);
  const copyJars = ['dependency:copy-dependencies', '-DoutputDirectory=libs', '-DincludeScope=runtime'];
  await runTool(['mvn', '-B', '-q', ...copyJars], { folder: home });
  const work = mkdtempSync(join(keeperOfThisProcess().folder, 'kafka-install-'));
  try {
    await formatTemplate(home, work);
    await archiveClasses(version, home, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function formatTemplate(home: string, work: string): Promise<void> {
  const plan = { folder: work, ports: [{ client: 1, peer: 2, control: 3 }] };
  const template = join(home, TEMPLATE_FOLDER);
  const properties = kafkaProperties(plan, 0).replace(kafkaDataFolder(plan, 0), template);
  const file = join(work, 'format.properties');
  writeFileSync(file, properties);
  mkdirSync(template);
  const format = ['kafka.tools.StorageTool', 'format', '-t', uuid('millrace-brokers'), '-c', file];
  await runTool(['java', '-cp', kafkaClassPath(home), ...format], { folder: home });
}

async function archiveClasses(version: string, home: string, work: string): Promise<void> {
  const [client, peer, control] = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  for (const command of layOutKafka(home, version, { folder: work, ports: [{ client, peer, control }] })) {
    const args = [`-XX:ArchiveClassesAtExit=${CLASS_ARCHIVE}`, ...command.args];
    const server = new ServerProcess({ ...command, args }, keeperOfThisProcess());
    await server.start();
    await server.stop(ARCHIVE_LIMIT_MS);
  }
}
