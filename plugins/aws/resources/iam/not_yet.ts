/**
 * How IAM says that something still hangs on what is to be deleted, or that it
 * was changed a moment ago: what was taken away is seen everywhere only later.
 */
export const NOT_YET: readonly string[] = [
  "ConcurrentModification",
  "ConcurrentModificationException",
  "DeleteConflict",
  "DeleteConflictException",
  "EntityTemporarilyUnmodifiable",
  "EntityTemporarilyUnmodifiableException",
];
