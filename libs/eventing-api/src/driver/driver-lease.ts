/** Annotation on a driver's Lease: the ClusterChannelProvisioner names that the driver answers to when `spec.driver` is empty, with commas between. */
export const DRIVER_CLAIMS_ANNOTATION = 'provisioner.millrace/claims';

/** Before the name of a driver in the name of its Lease. */
const LEASE_NAME_PREFIX = 'provisioner-';

/**
 * Name of the Lease, in the system namespace, that says whether some process serves a driver: who renews it serves the driver
 * (docs/adr/0011).
 */
export function driverLeaseName(driver: string): string {
  return `${LEASE_NAME_PREFIX}${driver}`;
}
