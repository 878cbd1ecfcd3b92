import {
  CLUSTER_CHANNEL_PROVISIONER,
  chooseDefaultProvisioner,
  type AdmissionLookup,
  type ClusterChannelProvisioner,
  type KubeObject,
  type ObjectKey,
  type ResourceKind,
} from '@millrace/eventing-api';
import type { EventRecorder, ObjectCache, Reconciler } from '@millrace/kube';

/** Warns once of each set of ClusterChannelProvisioners that all claim to be the default, on the newest of them: the one that is taken. */
export class DefaultProvisionerReconciler implements Reconciler {
  readonly name = 'default-provisioner';
  private warnedOf = '';

  constructor(
    private readonly provisioners: ObjectCache<ClusterChannelProvisioner>,
    private readonly recorder: Pick<EventRecorder, 'record'>,
  ) {}

  reconcile(_key: ObjectKey): Promise<undefined> {
    const { contenders } = chooseDefaultProvisioner('', lookUpIn(this.provisioners));
    const [chosen, ...others] = contenders;
    const signature = others.length === 0 ? '' : contenders.join(',');
    const newest = chosen === undefined ? undefined : this.provisioners.get({ name: chosen });
    if (signature !== '' && signature !== this.warnedOf && newest !== undefined) {
      const message = `Several ClusterChannelProvisioners are marked as default; Channels that name none get "${chosen}", the newest. Also marked: ${others.join(', ')}.`;
      this.recorder.record(newest, 'Warning', 'SeveralDefaultProvisioners', message);
    }
    this.warnedOf = signature;
    return Promise.resolve(undefined);
  }
}

/** Sees the provisioners alone: what a namespace chooses for itself is no matter here. */
function lookUpIn(provisioners: ObjectCache<ClusterChannelProvisioner>): AdmissionLookup {
  const isProvisioner = (kind: ResourceKind) => kind.kind === CLUSTER_CHANNEL_PROVISIONER.kind;
  return {
    get: () => undefined,
    list: <T extends KubeObject>(kind: ResourceKind<T>) =>
      (isProvisioner(kind) ? provisioners.list() : []) as unknown as readonly T[],
  };
}
