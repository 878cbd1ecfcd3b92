import { loggingOf } from './kafka-logging.js';

/** A Maven project whose runtime dependencies are a Kafka server of this version, with a logger. */
export function kafkaPom(version: string): string {
  const dependencies = [
    ['org.apache.kafka', 'kafka_2.13', version],
    ...(loggingOf(version) === 'log4j 1'
      ? [['org.slf4j', 'slf4j-reload4j', '1.7.36']]
      : [
          ['org.apache.logging.log4j', 'log4j-slf4j-impl', '2.24.3'],
          ['org.apache.logging.log4j', 'log4j-core', '2.24.3'],
        ]),
  ];
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>millrace</groupId>',
    '  <artifactId>kafka-server</artifactId>',
    '  <version>1</version>',
    '  <packaging>pom</packaging>',
    '  <dependencies>',
    ...dependencies.map(
      ([group, artifact, at]) =>
        `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${at}</version></dependency>`,
    ),
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}
