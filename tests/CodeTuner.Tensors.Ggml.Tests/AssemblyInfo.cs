// One device, one caller; and a driver on the processor takes all cores by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
