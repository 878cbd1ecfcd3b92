/** Kafka 4 went over to the second. */
export function loggingOf(version: string): 'log4j 1' | 'log4j 2' {
  return version.startsWith('3.') ? 'log4j 1' : 'log4j 2';
}

/** Configuration of its logger: warnings, and the line that says that it has started. */
export function kafkaLogging(version: string): { readonly flag: string; readonly file: string; readonly text: string } {
  if (loggingOf(version) === 'log4j 1') {
    return {
      file: 'log4j.properties',
      flag: '-Dlog4j.configuration=file:log4j.properties',
      text: [
        'log4j.rootLogger=WARN, stdout',
        'log4j.logger.kafka.server.KafkaRaftServer=INFO',
        'log4j.appender.stdout=org.apache.log4j.ConsoleAppender',
        'log4j.appender.stdout.layout=org.apache.log4j.PatternLayout',
        'log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n',
        '',
      ].join('\n'),
    };
  }
  return {
    file: 'log4j2.properties',
    flag: '-Dlog4j2.configurationFile=log4j2.properties',
    text: [
      'appender.stdout.type=Console',
      'appender.stdout.name=stdout',
      'appender.stdout.layout.type=PatternLayout',
      'appender.stdout.layout.pattern=%d{ISO8601} %p %m (%c)%n',
      'rootLogger.level=WARN',
      'rootLogger.appenderRef.stdout.ref=stdout',
      'logger.started.name=kafka.server.KafkaRaftServer',
      'logger.started.level=INFO',
      '',
    ].join('\n'),
  };
}
