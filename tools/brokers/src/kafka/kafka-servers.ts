import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ServerCommand, ServerPlan } from '../native/native.types.js';
import { kafkaLogging } from './kafka-logging.js';
import { kafkaDataFolder, kafkaProperties } from './kafka-properties.js';

/** A formatted log folder without events: each server starts from a copy, since formatting takes seconds. */
export const TEMPLATE_FOLDER = 'template';
/** Classes as they are in a running server: with it the next starts in half the time. */
export const CLASS_ARCHIVE = 'classes.jsa';

/** Half the time to start, for servers that never run long enough to need the better compiler. */
export const JAVA_FLAGS: readonly string[] = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Writes what the servers need and tells how to start them. `home`: folder with Kafka of this version. */
export function layOutKafka(home: string, version: string, plan: ServerPlan): ServerCommand[] {
  const archive = existsSync(join(home, CLASS_ARCHIVE)) ? [`-XX:SharedArchiveFile=${CLASS_ARCHIVE}`] : [];
  return plan.ports.map(({ client }, index) => {
    const data = kafkaDataFolder(plan, index);
    if (!existsSync(data)) copyTemplate(join(home, TEMPLATE_FOLDER), data, index);
    writeFileSync(`${data}.properties`, kafkaProperties(plan, index), { mode: 0o600 });
    const flags = [...JAVA_FLAGS, ...archive, kafkaLogging(version).flag, '-cp', kafkaClassPath(home)];
    return {
      title: `kafka server ${index + 1}`,
      port: client,
      program: 'java',
      args: [...flags, 'kafka.Kafka', `${data}.properties`],
      folder: home,
      logFile: `${data}.log`,
      isReady: (log) => log.includes('Kafka Server started'),
    };
  });
}

/** The jars, in an order that does not depend on the file system: a class archive is good for one order only. */
export function kafkaClassPath(home: string): string {
  const jars = readdirSync(join(home, 'libs')).sort();
  return jars.map((jar) => `libs/${jar}`).join(delimiter);
}

function copyTemplate(template: string, data: string, index: number): void {
  cpSync(template, data, { recursive: true });
  const file = join(data, 'meta.properties');
  const formatted = readFileSync(file, 'utf8');
  const own = formatted
    .replace(/^node\.id=.*$/m, `node.id=${index + 1}`)
    .replace(/^directory\.id=.*$/m, `directory.id=${uuid(`millrace-server${index + 1}`)}`);
  writeFileSync(file, own);
}

/** As Kafka writes them; of 16 characters. */
export function uuid(text: string): string {
  return Buffer.from(text).toString('base64url');
}
