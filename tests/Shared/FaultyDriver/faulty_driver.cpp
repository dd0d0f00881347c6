// A Vulkan driver (an ICD) that passes everything on to Mesa's driver for the processor, and fails where a test wants it to.
// Its card says that it is real, so that the loader, ggml and CodeTuner treat it as one.
//
// What fails, by environment variables:
//   FAULTY_NAME         the card's name (default: Faulty Card)
//   FAULTY_API          the version that the driver says, as 1.N
//   FAULTY_NO_16BIT     no 16-bit storage
//   FAULTY_NO_CARD      no card at all
//   FAULTY_HANG_OPEN    opening the driver never ends
//   FAULTY_LOSE_AFTER   the card is lost at the submission after so many
//   FAULTY_HANG_AFTER   the submission after so many never ends
//   FAULTY_MEMORY       bytes of memory; an allocation beyond fails
//
// Declares what it needs of Vulkan itself, as a build machine need not have its headers. Source: the Vulkan specification,
// and "Driver interface to the Vulkan Loader" for the functions whose names begin with vk_icd.
#include <dlfcn.h>
#include <unistd.h>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

using Result = int32_t;
using Handle = void *;
using Function = void (*)();

static const Result OutOfDeviceMemory = -2, DeviceLost = -4;

static long number(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

static void hang() {
  for (;;)
    sleep(1);
}

static void *mesa() {
  static void *library = [] {
    const char *path = getenv("FAULTY_MESA");
    return dlopen(path ? path : "libvulkan_lvp.so", RTLD_NOW | RTLD_LOCAL);
  }();
  return library;
}

template <typename T> static T exported(const char *name) {
  return mesa() ? reinterpret_cast<T>(dlsym(mesa(), name)) : nullptr;
}

// Mesa's functions behind those that are replaced.
static Result (*createInstance)(const void *, const void *, Handle *);
static Result (*enumeratePhysicalDevices)(Handle, uint32_t *, Handle *);
static void (*getProperties)(Handle, void *);
static void (*getProperties2)(Handle, void *);
static void (*getFeatures2)(Handle, void *);
static void (*getMemoryProperties)(Handle, void *);
static void (*getMemoryProperties2)(Handle, void *);
static Result (*queueSubmit)(Handle, uint32_t, const void *, uint64_t);
static Result (*allocateMemory)(Handle, const void *, const void *, uint64_t *);
static Function (*getDeviceProcAddr)(Handle, const char *);

static Result faultyCreateInstance(const void *info, const void *allocator, Handle *instance) {
  if (getenv("FAULTY_HANG_OPEN"))
    hang();
  return createInstance(info, allocator, instance);
}

static Result faultyEnumeratePhysicalDevices(Handle instance, uint32_t *count, Handle *devices) {
  if (getenv("FAULTY_NO_CARD")) {
    *count = 0;
    return 0;
  }
  return enumeratePhysicalDevices(instance, count, devices);
}

// VkPhysicalDeviceProperties: apiVersion, driverVersion, vendorID, deviceID, deviceType, deviceName[256], …
static void pretend(void *properties) {
  char *bytes = static_cast<char *>(properties);
  const uint32_t discrete = 2;
  memcpy(bytes + 16, &discrete, sizeof discrete);
  const char *name = getenv("FAULTY_NAME");
  strncpy(bytes + 20, name ? name : "Faulty Card", 255);
  if (const char *api = getenv("FAULTY_API")) {
    uint32_t version = (1u << 22) | (static_cast<uint32_t>(atoi(strchr(api, '.') + 1)) << 12);
    memcpy(bytes, &version, sizeof version);
  }
}

static void faultyGetProperties(Handle device, void *properties) {
  getProperties(device, properties);
  pretend(properties);
}

// Of the structures with sType and pNext the rest begins at 16.
static void faultyGetProperties2(Handle device, void *properties) {
  getProperties2(device, properties);
  pretend(static_cast<char *>(properties) + 16);
}

static void faultyGetFeatures2(Handle device, void *features) {
  getFeatures2(device, features);
  if (!getenv("FAULTY_NO_16BIT"))
    return;
  const uint32_t vulkan11Features = 49, storage16Features = 1000083000, no = 0;
  for (char *next = static_cast<char *>(features); next; memcpy(&next, next + 8, sizeof next)) {
    uint32_t type;
    memcpy(&type, next, sizeof type);
    if (type == vulkan11Features || type == storage16Features)
      memcpy(next + 16, &no, sizeof no);
  }
}

static void shrink(char *memory) {
  // VkPhysicalDeviceMemoryProperties: memoryTypeCount, memoryTypes[32] of 8 bytes, memoryHeapCount, memoryHeaps[16] {size, flags}.
  const uint64_t size = static_cast<uint64_t>(number("FAULTY_MEMORY", 0));
  if (size)
    memcpy(memory + 264, &size, sizeof size);
}

static void faultyGetMemoryProperties(Handle device, void *memory) {
  getMemoryProperties(device, memory);
  shrink(static_cast<char *>(memory));
}

static void faultyGetMemoryProperties2(Handle device, void *memory) {
  getMemoryProperties2(device, memory);
  shrink(static_cast<char *>(memory) + 16);
}

static Result faultyQueueSubmit(Handle queue, uint32_t count, const void *submits, uint64_t fence) {
  static std::atomic<long> submitted{0};
  static const long lose = number("FAULTY_LOSE_AFTER", -1), silence = number("FAULTY_HANG_AFTER", -1);
  long now = submitted++;
  if (silence >= 0 && now >= silence)
    hang();
  return lose >= 0 && now >= lose ? DeviceLost : queueSubmit(queue, count, submits, fence);
}

static Result faultyAllocateMemory(Handle device, const void *info, const void *allocator, uint64_t *memory) {
  static std::atomic<uint64_t> allocated{0};
  static const uint64_t limit = static_cast<uint64_t>(number("FAULTY_MEMORY", 0));
  uint64_t size;
  memcpy(&size, static_cast<const char *>(info) + 16, sizeof size);
  if (limit && allocated + size > limit)
    return OutOfDeviceMemory;
  allocated += size;
  return allocateMemory(device, info, allocator, memory);
}

// Mesa 22.3 goes on using what was freed after a computation, so nothing is.
static void keep(Handle, uint64_t, const void *) {}

template <typename T> static Function instead(T &next, Function found, T faulty) {
  if (!found)
    return nullptr;
  next = reinterpret_cast<T>(found);
  return reinterpret_cast<Function>(faulty);
}

static Function faultyGetDeviceProcAddr(Handle device, const char *name);

static Function replaced(const char *name, Function found) {
  if (!strcmp(name, "vkCreateInstance"))
    return instead(createInstance, found, faultyCreateInstance);
  if (!strcmp(name, "vkEnumeratePhysicalDevices"))
    return instead(enumeratePhysicalDevices, found, faultyEnumeratePhysicalDevices);
  if (!strcmp(name, "vkGetPhysicalDeviceProperties"))
    return instead(getProperties, found, faultyGetProperties);
  if (!strcmp(name, "vkGetPhysicalDeviceProperties2") || !strcmp(name, "vkGetPhysicalDeviceProperties2KHR"))
    return instead(getProperties2, found, faultyGetProperties2);
  if (!strcmp(name, "vkGetPhysicalDeviceFeatures2") || !strcmp(name, "vkGetPhysicalDeviceFeatures2KHR"))
    return instead(getFeatures2, found, faultyGetFeatures2);
  if (!strcmp(name, "vkGetPhysicalDeviceMemoryProperties"))
    return instead(getMemoryProperties, found, faultyGetMemoryProperties);
  if (!strcmp(name, "vkGetPhysicalDeviceMemoryProperties2") || !strcmp(name, "vkGetPhysicalDeviceMemoryProperties2KHR"))
    return instead(getMemoryProperties2, found, faultyGetMemoryProperties2);
  if (!strcmp(name, "vkQueueSubmit"))
    return instead(queueSubmit, found, faultyQueueSubmit);
  if (!strcmp(name, "vkAllocateMemory"))
    return instead(allocateMemory, found, faultyAllocateMemory);
  if (!strcmp(name, "vkFreeMemory") || !strcmp(name, "vkDestroyBuffer"))
    return reinterpret_cast<Function>(keep);
  if (!strcmp(name, "vkGetDeviceProcAddr"))
    return instead(getDeviceProcAddr, found, faultyGetDeviceProcAddr);
  return found;
}

static Function faultyGetDeviceProcAddr(Handle device, const char *name) { return replaced(name, getDeviceProcAddr(device, name)); }

extern "C" {
Function vk_icdGetInstanceProcAddr(Handle instance, const char *name) {
  auto next = exported<Function (*)(Handle, const char *)>("vk_icdGetInstanceProcAddr");
  return next ? replaced(name, next(instance, name)) : nullptr;
}

Function vk_icdGetPhysicalDeviceProcAddr(Handle instance, const char *name) {
  auto next = exported<Function (*)(Handle, const char *)>("vk_icdGetPhysicalDeviceProcAddr");
  return next ? replaced(name, next(instance, name)) : nullptr;
}

Result vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
  auto next = exported<Result (*)(uint32_t *)>("vk_icdNegotiateLoaderICDInterfaceVersion");
  return next ? next(version) : -3;
}
}
