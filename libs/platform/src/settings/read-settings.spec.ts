import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Type } from 'typebox';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.js';

@Module({})
class SampleModule {}

const definition = {
  name: 'sample',
  description: 'An app for these tests.',
  managementPort: 7699,
  settings: Type.Object({
    ingressPort: Type.Integer({
      default: 7641,
      minimum: 0,
      maximum: 65_535,
      description: 'Port of the event ingress.',
    }),
    provisioners: Type.Array(Type.Enum(['in-memory', 'kafka']), { default: ['in-memory'], description: 'Hosted.' }),
    leaderElection: Type.Boolean({ default: true, description: 'Only one replica reconciles.' }),
    gracePeriod: Type.String({ default: 'PT30S', format: 'duration', description: 'Grace.' }),
    kubeconfig: Type.Optional(Type.String({ description: 'Path of a kubeconfig.' })),
    token: Type.Optional(Type.String({ secret: true, minLength: 8, description: 'A secret.' })),
  }),
  module: () => ({ module: SampleModule }),
};

const read = (args: string[] = [], environment: NodeJS.ProcessEnv = {}) => readSettings(definition, args, environment);

function settingsOf(args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const result = read(args, environment);
  if (result.outcome !== 'settings') throw new Error(result.text);
  return result.settings;
}

function refusalOf(args: string[] = [], environment: NodeJS.ProcessEnv = {}): string {
  const result = read(args, environment);
  return result.outcome === 'refused' ? result.text : `not refused: ${result.outcome}`;
}

function yamlFile(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'millrace-settings-')), 'millrace.yaml');
  writeFileSync(path, content);
  return path;
}

describe('where a setting comes from', () => {
  it('takes the default where nobody says anything, and leaves out what is optional', () => {
    expect(settingsOf()).toEqual({
      ingressPort: 7641,
      provisioners: ['in-memory'],
      leaderElection: true,
      gracePeriod: 'PT30S',
      managementHost: '127.0.0.1',
      managementPort: 7699,
      logLevel: 'info',
      logFormat: 'auto',
      shutdownDelay: 'PT0S',
      shutdownTimeout: 'PT25S',
    });
  });

  it('takes what the app has for a default of its own', () => {
    const impatient = { ...definition, logLevel: 'warn', shutdownTimeout: 'PT10S' } as const;
    const result = readSettings(impatient, [], {});
    expect(result).toMatchObject({ settings: { logLevel: 'warn', shutdownTimeout: 'PT10S' } });
  });

  it('prefers a flag to the environment, the environment to the file, the file to the default', () => {
    const file = yamlFile('ingressPort: 1\nmanagementPort: 2\nlogLevel: warn\n');
    const environment = { MILLRACE_CONFIG: file, MILLRACE_INGRESS_PORT: '3', MILLRACE_MANAGEMENT_PORT: '4' };
    expect(settingsOf(['--ingress-port', '5'], environment)).toMatchObject({
      ingressPort: 5,
      managementPort: 4,
      logLevel: 'warn',
      logFormat: 'auto',
    });
  });

  it('reads lists from one value or several flags, and switches with and without a value', () => {
    expect(settingsOf(['--provisioners', 'in-memory,kafka']).provisioners).toEqual(['in-memory', 'kafka']);
    expect(settingsOf(['--provisioners=kafka', '--provisioners=in-memory']).provisioners).toEqual([
      'kafka',
      'in-memory',
    ]);
    expect(settingsOf(['--no-leader-election']).leaderElection).toBe(false);
    expect(settingsOf(['--leader-election=false']).leaderElection).toBe(false);
    expect(settingsOf([], { MILLRACE_LEADER_ELECTION: 'false' }).leaderElection).toBe(false);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(settingsOf([], { MILLRACE_INGRESS_PORT: '' }).ingressPort).toBe(7641);
  });

  it('takes durations with fractions of a second', () => {
    expect(settingsOf(['--grace-period', 'PT0.5S']).gracePeriod).toBe('PT0.5S');
  });
});

describe('what is refused', () => {
  it('tells all faults in one message: setting, value, where it came from, what is allowed', () => {
    const file = yamlFile('gracePeriod: 30 seconds\ningresPort: 8\n');
    const text = refusalOf(['--ingress-port', '70000', '--prot', '80', '--config', file], {
      MILLRACE_LOG_LEVEL: 'loud',
      MILLRACE_PROVISIONERS: 'in-memory,rabbit',
    });
    expect(text).toContain('millrace sample cannot start, 6 settings are wrong:');
    expect(text).toContain('ingressPort is 70000 (flag --ingress-port): it must be an integer from 0 to 65535');
    expect(text).toContain('logLevel is "loud" (environment variable MILLRACE_LOG_LEVEL): it must be one of debug, ');
    expect(text).toContain('provisioners is ["in-memory","rabbit"] (environment variable MILLRACE_PROVISIONERS)');
    expect(text).toContain(`gracePeriod is "30 seconds" (file ${file}): it must be an ISO 8601 duration`);
    expect(text).toContain(`"ingresPort" in the file ${file} is not a setting; did you mean ingressPort?`);
    expect(text).toContain('--prot is not a known flag');
  });

  it('names what a misspelt variable was meant to be, and leaves variables of other processes alone', () => {
    expect(refusalOf([], { MILLRACE_INGRES_PORT: '1' })).toContain('did you mean MILLRACE_INGRESS_PORT?');
    expect(settingsOf([], { MILLRACE_CONTROLLER_SERVICE_HOST: '10.0.0.1' }).ingressPort).toBe(7641);
  });

  it('asks for the value that a flag lacks', () => {
    expect(refusalOf(['--kubeconfig', '--no-leader-election'])).toContain('--kubeconfig needs a value: text');
    expect(refusalOf(['--ingress-port'])).toContain('--ingress-port needs a value: an integer from 0 to 65535');
    expect(refusalOf(['--config'])).toContain('--config needs a value');
  });

  it('refuses arguments that are no flags', () => {
    expect(refusalOf(['start'])).toContain('"start" is not a flag');
  });

  it('says which file cannot be read, and that a file is one object', () => {
    expect(refusalOf(['--config', '/no/such/file.yaml'])).toContain(
      'the file /no/such/file.yaml cannot be read: ENOENT',
    );
    expect(refusalOf(['--config', yamlFile('- a\n')])).toContain('must hold one object');
    expect(refusalOf(['--config', yamlFile('a: [\n')])).toContain('cannot be read');
  });

  it('never shows a secret, not even a wrong one', () => {
    const text = refusalOf(['--token', 'hunter2']);
    expect(text).toContain('token is "***" (flag --token): it must be text of at least 8 characters');
    expect(text).not.toContain('hunter2');
  });
});

describe('questions', () => {
  const answerOf = (args: string[], environment: NodeJS.ProcessEnv = {}) => {
    const result = read(args, environment);
    return result.outcome === 'answer' ? result.text : `no answer: ${result.outcome}`;
  };

  it('--print-config gives a file that means the same, with secrets masked and each origin told', () => {
    const text = answerOf(['--print-config', '--ingress-port', '80'], { MILLRACE_TOKEN: 'do-not-show' });
    expect(text).toContain('ingressPort: 80 # flag --ingress-port\n');
    expect(text).toContain('token: "***" # environment variable MILLRACE_TOKEN\n');
    expect(text).toContain('# kubeconfig: not set\n');
    expect(text).not.toContain('do-not-show');
    expect(parse(text)).toMatchObject({ ingressPort: 80, provisioners: ['in-memory'], gracePeriod: 'PT30S' });
  });

  it('--print-config refuses wrong settings as a start would', () => {
    expect(refusalOf(['--print-config', '--ingress-port', 'x'])).toContain('ingressPort is "x"');
  });

  it('--help tells flag, variable, default, range and meaning of each setting', () => {
    const text = answerOf(['--help', '--nonsense']);
    expect(text).toContain('--ingress-port  (MILLRACE_INGRESS_PORT)\n      Port of the event ingress.\n');
    expect(text).toContain('an integer from 0 to 65535; default 7641');
    expect(text).toContain('a list, separated by commas, each one of in-memory, kafka; default ["in-memory"]');
    expect(answerOf(['-h'])).toBe(text);
  });

  it('--version tells the version', () => {
    expect(answerOf(['--version'])).toMatch(/^millrace sample \d+\.\d+\.\d+\n$/);
  });
});
