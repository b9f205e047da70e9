package io.ringway.compat.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringway.compat.support.Await;
import io.ringway.compat.support.ManagementBean;
import io.ringway.compat.support.SeededBytes;
import io.ringway.compat.support.TimeLimit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka broker in a JVM of its own; a producer and a group of consumers, with a rebalance between them, here. */
@TimeLimit(180)
class KafkaTest {
    private static final String TOPIC = "test";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 20_000;
    private static final int LARGEST = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The numbers of the records that came. */
    private final BitSet seen = new BitSet(RECORDS);

    @TempDir
    private Path directory;

    @Test
    void everyRecordComesOnce() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(directory, false)) {
            ManagementBean.assertPath(() -> produceAndConsume(broker.servers()));
        }
    }

    @Test
    void everyRecordComesOnceFromABrokerOnTheJdksProvider() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(directory, true)) {
            ManagementBean.assertKernel(() -> produceAndConsume(broker.servers()));
        }
    }

    private void produceAndConsume(String servers) throws Exception {
        createTopic(servers);
        try (Producer<Integer, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers), new IntegerSerializer(), new ByteArraySerializer());
                Consumer<Integer, byte[]> first = consumer(servers)) {
            Await.until("one consumer has all partitions", PATIENCE, () -> {
                poll(first);
                return first.assignment().size() == PARTITIONS;
            });
            send(producer, 0, RECORDS / 2);
            consume(List.of(first), RECORDS / 2);
            first.commitSync();
            try (Consumer<Integer, byte[]> second = consumer(servers)) {
                Await.until("both consumers have half of the partitions", PATIENCE, () -> {
                    poll(first);
                    poll(second);
                    return first.assignment().size() == PARTITIONS / 2
                            && second.assignment().size() == PARTITIONS / 2;
                });
                send(producer, RECORDS / 2, RECORDS);
                consume(List.of(first, second), RECORDS);
            }
        }
    }

    private static void createTopic(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static Consumer<Integer, byte[]> consumer(String servers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                servers,
                "group.id",
                "group",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "heartbeat.interval.ms",
                300);
        Consumer<Integer, byte[]> consumer =
                new KafkaConsumer<>(settings, new IntegerDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    /** The record of that number is its key, and the seed of its value. */
    private static void send(Producer<Integer, byte[]> producer, int from, int to) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = from; i < to; i++) {
            byte[] value = new SeededBytes(i).next(i % LARGEST).array();
            sent.add(producer.send(new ProducerRecord<>(TOPIC, i, value)));
        }
        for (Future<RecordMetadata> future : sent) {
            future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void consume(List<Consumer<Integer, byte[]>> consumers, int total) throws Exception {
        Await.until(total + " records come", PATIENCE, () -> {
            consumers.forEach(this::poll);
            return seen.cardinality() >= total;
        });
        assertEquals(total, seen.cardinality());
    }

    private void poll(Consumer<Integer, byte[]> consumer) {
        for (ConsumerRecord<Integer, byte[]> record : consumer.poll(Duration.ofMillis(20))) {
            int number = record.key();
            assertEquals(false, seen.get(number), "record " + number + " came before");
            seen.set(number);
            assertEquals(number % LARGEST, record.value().length);
            new SeededBytes(number).check(ByteBuffer.wrap(record.value()));
        }
    }
}
