import type { BrokerSettings, TestAuthority, TestCertificate } from '@millrace/brokers';

/** How clients are to talk to a broker; servers go on talking in the clear. */
export function clientProtocol(protocol: 'SSL' | 'SASL_SSL'): BrokerSettings {
  return { 'listener.security.protocol.map': `CLIENT:${protocol},PEER:PLAINTEXT,CONTROLLER:PLAINTEXT` };
}

/** The certificate that a broker shows to clients, and whose certificates it takes from them. */
export function certificateSettings({ cert, key }: TestCertificate, { ca }: TestAuthority): BrokerSettings {
  const prefix = 'listener.name.client.ssl';
  return {
    [`${prefix}.keystore.type`]: 'PEM',
    [`${prefix}.keystore.certificate.chain`]: cert,
    [`${prefix}.keystore.key`]: key,
    [`${prefix}.truststore.type`]: 'PEM',
    [`${prefix}.truststore.certificates`]: ca,
  };
}
